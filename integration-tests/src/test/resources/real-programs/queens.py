import sys
from java.io import File
from java.lang import System, Thread

slow = File(System.getProperty('pace.slow', 'no such file'))


def say(line):
    sys.stdout.write(line + '\n')
    sys.stdout.flush()
    Thread.sleep(500 if slow.exists() else 10)


class Board(object):
    def __init__(self, size):
        self.size = size
        self.columns = []

    def free(self, column):
        row = len(self.columns)
        return all(c != column and abs(c - column) != row - r for r, c in enumerate(self.columns))

    def solutions(self):
        if len(self.columns) == self.size:
            yield list(self.columns)
            return
        for column in range(self.size):
            if self.free(column):
                self.columns.append(column)
                for solution in self.solutions():
                    yield solution
                self.columns.pop()


found = {}
for number, solution in enumerate(Board(8).solutions()):
    key = sum(a * b for a, b in zip(solution, range(8))) % 11
    found.setdefault(key, []).append(number)
    if number < 60:
        say('%2d %s %s' % (number, ''.join(str(c) for c in solution), sorted((k, len(v)) for k, v in found.items())[:3]))
say('%d solutions, %r' % (number + 1, sorted(found.items())))
