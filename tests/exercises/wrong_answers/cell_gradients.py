"""Typical wrong answers to the exercise on the way back through an LSTM, with a piece of the hint each must meet."""

import numpy as np

# lstm-backward


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


class Step:
    """One step forward, and the way back in pieces that can be replaced."""

    def __init__(self, c, a):
        self.rows = np.split(a, 4)
        i, f, g, o = self.rows
        self.i, self.f, self.g, self.o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        self.old, self.c = c, self.f * c + self.i * self.g
        self.tanh = np.tanh(self.c)

    def arriving(self, dh, dc):
        return dc + dh * self.o * (1 - self.tanh**2)

    def blocks(self, dh, at):
        return {
            "i": at * self.g * self.i * (1 - self.i),
            "f": at * self.old * self.f * (1 - self.f),
            "g": at * self.i * (1 - self.g**2),
            "o": dh * self.tanh * self.o * (1 - self.o),
        }


def variant(before=None, arriving=None, order="ifgo", **replaced):
    """An answer that is right but for the pieces given; each takes the step, dh, dc and what arrives at c."""

    def answer(dh, dc, c, a):
        s = Step(c, a)
        at = arriving(s, dh, dc) if arriving else s.arriving(dh, dc)
        blocks = s.blocks(dh, at)
        blocks |= {name: piece(s, dh, dc, at) for name, piece in replaced.items()}
        previous = before(s, dh, dc, at) if before else at * s.f
        return previous, np.concatenate([blocks[name] for name in order])

    return answer


unchanged = variant(lambda s, dh, dc, at: at)
gate_before_its_function = variant(lambda s, dh, dc, at: at * s.rows[1])
by_the_input_gate = variant(lambda s, dh, dc, at: at * s.i)
by_the_slope_of_the_gate = variant(lambda s, dh, dc, at: at * s.f * (1 - s.f))
along_the_cell_alone = variant(arriving=lambda s, dh, dc: dc)
without_slope = variant(arriving=lambda s, dh, dc: dc + dh * s.o)
without_output_gate = variant(arriving=lambda s, dh, dc: dc + dh * (1 - s.tanh**2))
slope_of_the_cell = variant(arriving=lambda s, dh, dc: dc + dh * s.o * (1 - s.c**2))
slope_at_the_old_cell = variant(
    arriving=lambda s, dh, dc: dc + dh * s.o * (1 - np.tanh(s.old) ** 2)
)
logistic_slope = variant(
    arriving=lambda s, dh, dc: dc + dh * s.o * s.tanh * (1 - s.tanh)
)
stops_at_this_cell = variant(
    lambda s, dh, dc, at: dc * s.f + dh * s.o * (1 - s.tanh**2)
)
loses_dc = variant(
    arriving=lambda s, dh, dc: dh * s.o * (1 - s.tanh**2) if dh.any() else dc
)
dc_through_the_output = variant(
    arriving=lambda s, dh, dc: (dc + dh) * s.o * (1 - s.tanh**2) if dh.any() else dc
)

output_without_slope = variant(o=lambda s, dh, dc, at: dh * s.tanh)
output_of_the_cell = variant(o=lambda s, dh, dc, at: dh * s.c * s.o * (1 - s.o))
output_from_everything = variant(o=lambda s, dh, dc, at: at * s.tanh * s.o * (1 - s.o))
output_of_the_old_cell = variant(
    o=lambda s, dh, dc, at: dh * np.tanh(s.old) * s.o * (1 - s.o)
)
output_slope_of_tanh = variant(o=lambda s, dh, dc, at: dh * s.tanh * (1 - s.o**2))
output_first = variant(order="oifg")
candidate_last = variant(order="ifog")


def previous_alone(dh, dc, c, a):
    s = Step(c, a)
    return s.arriving(dh, dc) * s.f


def exchanged(dh, dc, c, a):
    return variant()(dh, dc, c, a)[::-1]


def four_rows(dh, dc, c, a):
    previous, da = variant()(dh, dc, c, a)
    return previous, da.reshape(4, -1)


input_without_slope = variant(i=lambda s, dh, dc, at: at * s.g)
input_from_dc = variant(i=lambda s, dh, dc, at: dc * s.g * s.i * (1 - s.i))
input_without_candidate = variant(i=lambda s, dh, dc, at: at * s.i * (1 - s.i))
forget_without_slope = variant(f=lambda s, dh, dc, at: at * s.old)
forget_of_the_new_cell = variant(f=lambda s, dh, dc, at: at * s.c * s.f * (1 - s.f))
candidate_without_slope = variant(g=lambda s, dh, dc, at: at * s.i)
candidate_slope_of_a_gate = variant(g=lambda s, dh, dc, at: at * s.i * s.g * (1 - s.g))
candidate_without_gate = variant(g=lambda s, dh, dc, at: at * (1 - s.g**2))
forget_first = variant(order="figo")

WRONG_ANSWERS = {
    "lstm-backward": [
        (unchanged, "meets the forget gate"),
        (gate_before_its_function, "what comes before it"),
        (by_the_input_gate, "This is the input gate"),
        (by_the_slope_of_the_gate, "slope of the gate belongs"),
        (previous_alone, "Return a tuple"),
        (exchanged, "The two are exchanged"),
        (along_the_cell_alone, "A part is missing"),
        (without_slope, "slope of tanh is missing"),
        (without_output_gate, "output gate is missing"),
        (slope_of_the_cell, "1 - c^2 is not the slope"),
        (slope_at_the_old_cell, "at the old cell"),
        (logistic_slope, "another one than that of the logistic"),
        (stops_at_this_cell, "To c_{t-1} it passes"),
        (loses_dc, "dc has got lost"),
        (dc_through_the_output, "at c_t already"),
        (output_without_slope, "slope is missing"),
        (output_of_the_cell, "multiplies tanh(c), not c"),
        (output_from_everything, "Only dh belongs here"),
        (output_of_the_old_cell, "tanh of the new cell"),
        (output_slope_of_tanh, "slope of a tanh"),
        (output_first, "This belongs to g"),
        (candidate_last, "This belongs to g"),
        (four_rows, "da has the shape of a"),
        (input_without_slope, "slope is missing"),
        (input_from_dc, "Only dc has been used"),
        (input_without_candidate, "candidate is missing"),
        (forget_without_slope, "slope is missing"),
        (forget_of_the_new_cell, "old cell, not the new one"),
        (candidate_without_slope, "slope is missing"),
        (candidate_slope_of_a_gate, "that of the gates"),
        (candidate_without_gate, "input gate is missing"),
        (forget_first, "This belongs to f"),
    ],
}
