from .one_class_qsvm import OneClassQSVM as OneClassQSVM
