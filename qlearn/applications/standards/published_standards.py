"""Published standards of quantum keys and of what stands beside them: what each fixes, and what it leaves open."""

from dataclasses import dataclass

from qlearn._checks import as_choice

_LAYERS = {
    "interface": "how one program asks another",
    "network": "what parts there are and who speaks with whom",
    "security": "what is evaluated, and how",
    "device": "what is measured at a component",
    "algorithm": "how bits are drawn and computed",
    "position": "what an authority advises",
}


@dataclass(frozen=True)
class Standard:
    """A document, as of November 2026.

    Parameters
    ----------
    name : str
        Body and number.
    year : int or None
        Of the edition named; None: there is none.
    layer : str
        One of interface, network, security, device, algorithm, position.
    status : str
        "published", "draft" or "not settled".
    fixes : str
        What two makers, or a buyer, can rely on.
    leaves_open : str
        What they still have to agree upon.
    checked : bool
        Whether number, year and status were found when this list was made; else they are from memory, and may be behind.
    """

    name: str
    year: int | None
    layer: str
    status: str
    fixes: str
    leaves_open: str
    checked: bool


def _table(layer: str, *rows: tuple[str, int | None, str, str, str, bool]) -> tuple[Standard, ...]:
    return tuple(Standard(name, year, layer, *rest) for name, year, *rest in rows)  # type: ignore[arg-type]


_PUBLISHED, _DRAFT = "published", "draft"

PUBLISHED_STANDARDS: tuple[Standard, ...] = (
    *_table(
        "interface",
        ("ETSI GS QKD 004 V2.1.1", 2020, _PUBLISHED, "key streams with a quality of service",
         "transport, security of the call", False),
        ("ETSI GS QKD 014 V1.1.1", 2019, _PUBLISHED, "three calls, JSON, mutual TLS",
         "how two KMEs agree, relays, certificates", True),
        ("ETSI GS QKD 015 V2.1.1", 2022, _PUBLISHED,
         "what a controller of the network reads and sets at a node", "the controller's decisions", True),
        ("ETSI GS QKD 018 V1.1.1", 2022, _PUBLISHED, "what an orchestrator above controllers sees",
         "the orchestrator's decisions", True),
        ("ETSI GS QKD 020", None, "not settled", "meant: keys passed between key managers of two makers",
         "whether and when it came out", False),
        ("ITU-T Q.4163", 2023, _PUBLISHED, "messages by which key managers relay keys",
         "which routes, whom to trust", True),
    ),
    *_table(
        "network",
        ("ETSI GS QKD 002 V1.1.1", 2010, _PUBLISHED, "use cases", "everything that has to interoperate", True),
        ("ETSI GR QKD 003 V2.1.1", 2018, _PUBLISHED, "names of components and of interfaces inside a system",
         "a report: it demands nothing", True),
        ("ITU-T Y.3800", 2019, _PUBLISHED, "layers and their work", "protocols", True),
        ("ITU-T Y.3801 to Y.3804", 2020, _PUBLISHED, "functions: demands, architecture, keys, control",
         "protocols between nodes", False),
        ("IEEE P1913", None, "not settled", "meant: a data model of software-defined quantum devices",
         "no published standard was found", False),
        ("IRTF RFC 9340", 2023, _PUBLISHED, "principles of an internet of entangled pairs",
         "informational: it demands nothing", False),
    ),
    *_table(
        "security",
        ("ETSI GS QKD 008 V1.1.1", 2010, _PUBLISHED, "security demands on a module, after FIPS 140",
         "optics: side channels of the light", True),
        ("ETSI GS QKD 016 V2.1.1", 2024, _PUBLISHED,
         "a protection profile for a pair of prepare-and-measure modules", "networks, other protocols", False),
        ("ISO/IEC 23837-1", 2023, _PUBLISHED, "security demands on modules in the language of ISO/IEC 15408",
         "which laboratory, which attack potential", True),
        ("ISO/IEC 23837-2", 2023, _PUBLISHED, "how an evaluator tests them", "attacks that are found later", True),
        ("ITU-T X.1710", 2020, _PUBLISHED, "threats and demands for a network of keys", "how a node is guarded",
         False),
    ),
    *_table(
        "device",
        ("ETSI GS QKD 011 V1.1.1", 2016, _PUBLISHED, "how lasers, detectors and filters are characterised",
         "a whole transmitter", False),
        ("ETSI GS QKD 013", 2024, _DRAFT, "meant: the light that a whole transmitter sends",
         "a stable draft of May 2024 was found, no publication", True),
    ),
    *_table(
        "algorithm",
        ("NIST FIPS 203", 2024, _PUBLISHED, "ML-KEM", "proof that lattices are hard", True),
        ("NIST FIPS 204", 2024, _PUBLISHED, "ML-DSA", "the same", True),
        ("NIST FIPS 205", 2024, _PUBLISHED, "SLH-DSA", "speed and size", True),
        ("NIST SP 800-227", 2025, _PUBLISHED, "how a KEM is used, also in hybrids",
         "which hybrid in which protocol", True),
        ("NIST SP 800-90B", 2018, _PUBLISHED, "how a source of entropy is estimated and tested while it runs",
         "quantum sources as such", False),
        ("IETF RFC 9180", 2022, _PUBLISHED, "encryption to a public key, with any KEM",
         "post-quantum KEMs: by later documents", False),
        ("IETF RFC 10024", 2026, _PUBLISHED, "ML-KEM joined with elliptic curves in TLS 1.3",
         "certificates, quantum keys", True),
    ),
    *_table(
        "position",
        ("NSA, on QKD", 2020, _PUBLISHED, "not for national security systems, unless five limits are overcome",
         "other buyers", True),
        ("ANSSI, BSI and others, on QKD", 2024, _PUBLISHED, "niche uses; migration to post-quantum first",
         "which niches", True),
        ("NCSC, quantum networking", 2025, _PUBLISHED, "no support of QKD for government or military",
         "research on networks", False),
        ("NCSC, timelines to post-quantum", 2025, _PUBLISHED, "discovery by 2028, first systems 2031, all 2035",
         "which systems are first", True),
    ),
)  # fmt: skip
"""What was looked at, as of November 2026; a list to begin with, and not a whole one."""


def standards_on(layer: str) -> tuple[Standard, ...]:
    """Return the documents of one layer, in the order of the table.

    Parameters
    ----------
    layer : {"interface", "network", "security", "device", "algorithm", "position"}

    Returns
    -------
    tuple of Standard

    Examples
    --------
    >>> [standard.name for standard in standards_on("device") if standard.status == "published"]
    ['ETSI GS QKD 011 V1.1.1']
    >>> sum(not standard.checked for standard in PUBLISHED_STANDARDS) < len(PUBLISHED_STANDARDS) / 2
    True

    References
    ----------
    The documents themselves. Progress of ITU-T study group 13 (19 recommendations by October 2023): its liaison statement
    1880 to the IETF, November 2023.
    """
    as_choice(layer, _LAYERS, "layer")
    return tuple(standard for standard in PUBLISHED_STANDARDS if standard.layer == layer)
