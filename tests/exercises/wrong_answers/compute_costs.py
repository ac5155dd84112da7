"""Typical wrong answers to the exercises on what training costs, each with a piece of the hint it must meet."""


def refuse(used):
    if not 0 < used <= 1:
        raise ValueError("used must be above 0 and at most 1")


def days(factor=6, power=1, unit=86400, shared=1):
    def answer(n, d, devices, peak, used):
        refuse(used)
        return factor * n * d / (peak * used**power * devices**shared) / unit

    return answer


def percent_allowed(n, d, devices, peak, used):
    return 6 * n * d / (peak * max(used, 1e-9) * devices) / 86400


def rate(operations=2, with_result=True, in_bytes=True, choose=min, unit=1.0):
    def answer(m, k, n, size, peak, bandwidth):
        moved = m * k + k * n + (m * n if with_result else 0)
        intensity = operations * m * k * n / (moved * (size if in_bytes else 1))
        return intensity, choose(peak, bandwidth * intensity)

    return answer


def upside_down(m, k, n, size, peak, bandwidth):
    intensity = size * (m * k + k * n + m * n) / (2 * m * k * n)
    return intensity, min(peak, bandwidth / intensity)


def bandwidth_as_it_is(m, k, n, size, peak, bandwidth):
    return rate()(m, k, n, size, peak, bandwidth)[0], min(peak, bandwidth)


def always_waits(m, k, n, size, peak, bandwidth):
    intensity, _ = rate()(m, k, n, size, peak, bandwidth)
    return intensity, bandwidth * intensity


def intensity_alone(*given):
    return rate()(*given)[0]


def best(flops, A, alpha, B, beta, per=6):
    g = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    n = g * (flops / per) ** (beta / (alpha + beta))
    return n, flops / per / n


def without_six(flops, A, alpha, B, beta):
    return best(flops, A, alpha, B, beta, per=1)


def exchanged(*given):
    return best(*given)[::-1]


def equal_numbers(flops, A, alpha, B, beta):
    return (flops / 6) ** 0.5, (flops / 6) ** 0.5


def exponents_exchanged(flops, A, alpha, B, beta):
    g = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    n = g * (flops / 6) ** (alpha / (alpha + beta))
    return n, flops / 6 / n


def one_law_only(flops, A, alpha, B, beta):
    return best(flops, 482.01, 0.3478, 2085.43, 0.3658)


def size_alone(*given):
    return best(*given)[0]


WRONG_ANSWERS = {
    "training-days": [
        (days(factor=2), "three times as much"),
        (days(factor=4), "twice the forward pass"),
        (days(power=0), "`used` is missing"),
        (days(power=-1), "divide by `used`"),
        (days(unit=1), "These are seconds"),
        (days(unit=3600), "These are hours"),
        (days(shared=0), "has no effect"),
        (days(shared=-1), "less time, not more"),
        (percent_allowed, "at most 1"),
    ],
    "product-rate": [
        (rate(operations=1), "two operations"),
        (rate(in_bytes=False), "several bytes"),
        (rate(with_result=False), "has to be written"),
        (upside_down, "upside down"),
        (rate(choose=max), "not the larger"),
        (bandwidth_as_it_is, "counts bytes"),
        (always_waits, "limited by the peak"),
        (intensity_alone, "Return a tuple"),
    ],
    "optimal-size": [
        (without_six, "cost 6 operations"),
        (exchanged, "exchanged"),
        (equal_numbers, "the terms differ"),
        (exponents_exchanged, "differentiate by N"),
        (one_law_only, "half of the exponent"),
        (size_alone, "Return a tuple"),
    ],
}
