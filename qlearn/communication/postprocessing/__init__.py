"""Post-processing: from sifted bits with errors to a secret key of proven length.

Taught in :doc:`/communication/secret_key`.
"""
