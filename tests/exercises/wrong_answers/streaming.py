"""Typical wrong answers to the exercise on decoding, each with a piece of the hint it must meet."""

import codecs

# streaming-decode


class EachPieceAlone:
    def feed(self, data):
        return data.decode("utf-8", errors="replace")

    def finish(self):
        return ""


class HoldsEverything:
    def __init__(self):
        self.data = b""

    def feed(self, data):
        self.data += data
        return ""

    def finish(self):
        return self.data.decode("utf-8", errors="replace")


class LosesTheTail:
    def __init__(self):
        self.data = b""

    def feed(self, data):
        self.data += data
        try:
            text, self.data = self.data.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            text = self.data[: error.start].decode("utf-8")
            self.data = self.data[error.start :]
        return text

    def finish(self):
        return ""


class WaitsForTheHopeless(LosesTheTail):
    def finish(self):
        return self.data.decode("utf-8", errors="replace")


class KeepsItInTheClass:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def feed(self, data):
        return self.decoder.decode(data)

    def finish(self):
        text = self.decoder.decode(b"", final=True)
        self.decoder.reset()
        return text


class DropsTheMalformed(WaitsForTheHopeless):
    def feed(self, data):
        if data == b"\xff":
            return "\ufffd"
        return super().feed(data.replace(b"\xff", b""))


WRONG_ANSWERS = {
    "streaming-decode": [
        (EachPieceAlone, "are kept until"),
        (HoldsEverything, "without waiting"),
        (LosesTheTail, "nothing is lost"),
        (WaitsForTheHopeless, "replaced at once"),
        (KeepsItInTheClass, "not in the class"),
        (DropsTheMalformed, "replaced at once"),
    ],
}
