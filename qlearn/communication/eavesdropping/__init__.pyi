from .attacks import (
    MemoryAttack as MemoryAttack,
    PartialAttack as PartialAttack,
    cloning_attack as cloning_attack,
    entangling_probe as entangling_probe,
    intercept_resend_circuit as intercept_resend_circuit,
    weak_measurement as weak_measurement,
)
from .device_attacks import (
    TrojanHorse as TrojanHorse,
    blinded_exchange as blinded_exchange,
    time_shifted_exchange as time_shifted_exchange,
)
from .information import (
    AttackYield as AttackYield,
    collective_information as collective_information,
    holevo as holevo,
    individual_guess as individual_guess,
    individual_information as individual_information,
    memoryless_guess as memoryless_guess,
    observe as observe,
    predict as predict,
    secret_bits as secret_bits,
)
from .post_measurement_information import (
    FixedMeasurement as FixedMeasurement,
    best_fixed_measurement as best_fixed_measurement,
)
