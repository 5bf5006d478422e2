"""What a key costs in joules, and a link in kilowatt-hours."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the bill of a year does not ask how many keys were made: the joules of one key do.",
    because="""
        A watt is a joule a second. The link needs `bits / rate` seconds for a key, and draws all its watts meanwhile. Over a
        year of 365 days it runs 8,760 hours whether it makes keys or not; a kilowatt is a thousand watts. A kilowatt-hour is
        3.6 million joules: so the two numbers can be held against each other.
    """,
)
def energy_of_key(devices, rate, bits):
    """`devices` lists the power of each device of a link, in watts; the link makes `rate` secret bits a second. Return the
    tuple `(joules, kwh)`: the energy of one key of `bits` bits, and what all devices draw in a year of 365 days, in
    kilowatt-hours.
    """
    watts = sum(devices)
    return watts * bits / rate, watts * 8760 / 1000


@energy_of_key.cases
def links(rng):
    """One device and many, fast links and slow ones, keys of several sizes."""
    for n, bits in ((1, 256), (2, 128), (3, 256), (5, 1024), (4, 8)):
        yield [float(x) for x in rng.uniform(5, 1500, n)], float(10 ** rng.uniform(0, 6)), bits
    yield [60, 60, 80], 1000, 256
    yield [7.5, 3.25], 4e6, 8  # 0.00002 J: whoever rounds to a few decimals loses it


@energy_of_key.mistake("one device is counted: all of them draw power.")
def one_device(devices, rate, bits):
    return devices[0] * bits / rate, devices[0] * 8.76


@energy_of_key.mistake("`joules` is upside down: a fast link spends less on a key, not more.")
def upside_down(devices, rate, bits):
    return sum(devices) * rate / bits, sum(devices) * 8.76


@energy_of_key.mistake("`joules` is that of one bit: the key has `bits` of them.")
def a_bit(devices, rate, bits):
    return sum(devices) / rate, sum(devices) * 8.76


@energy_of_key.mistake("`kwh` is in watt-hours: a kilowatt is a thousand watts.")
def watt_hours(devices, rate, bits):
    return sum(devices) * bits / rate, sum(devices) * 8760


@energy_of_key.mistake("`kwh` is that of a day: a year has 365 of them.")
def one_day(devices, rate, bits):
    return sum(devices) * bits / rate, sum(devices) * 24 / 1000
