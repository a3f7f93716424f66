package dev.ingot.accelerator.graph;

/** A window that moves over a picture of some height and width, which is thought to have empty margins. */
record Window(
        int height,
        int width,
        int sizeY,
        int sizeX,
        int stepY,
        int stepX,
        int above,
        int before,
        int below,
        int behind) {
    private static final int MOST = 1 << 12;

    Window {
        for (int each : new int[] {sizeY, sizeX, stepY, stepX}) {
            requireBetween(1, each);
        }
        for (int each : new int[] {above, before, below, behind}) {
            requireBetween(0, each);
        }
        if (height + above + below < sizeY || width + before + behind < sizeX) {
            throw new IllegalArgumentException("a window of " + sizeY + " by " + sizeX
                    + " is larger than its picture of " + height + " by " + width);
        }
    }

    private static void requireBetween(int least, int value) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "sizes, steps and margins of windows are from " + least + " to " + MOST + ", not " + value);
        }
    }

    int outHeight() {
        return (height + above + below - sizeY) / stepY + 1;
    }

    int outWidth() {
        return (width + before + behind - sizeX) / stepX + 1;
    }

    int top(int y) {
        return y * stepY - above;
    }

    int left(int x) {
        return x * stepX - before;
    }

    /** Where an element of a channel is, or -1 in the margins. */
    int place(int channel, int y, int x) {
        return y < 0 || y >= height || x < 0 || x >= width ? -1 : (channel * height + y) * width + x;
    }
}
