package dev.ingot.accelerator.graph;

/**
 * What a node of a graph does to a row. Sums take their terms in the order of the inner index, fused, as those of products do
 * everywhere; so the reference is one to the bit.
 */
@FunctionalInterface
interface Step {
    /** Reads some of these values and writes another one. */
    void run(float[][] values);

    /**
     * {@code out = in · weights + shift}, for each line of the input.
     *
     * @param shift of {@code outer} elements, or of one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Dense(int in, int out, float[] weights, float[] shift, int inner, int outer) implements Step {
        @Override
        public void run(float[][] values) {
            float[] from = values[in];
            float[] to = values[out];
            for (int line = 0; line < from.length / inner; line++) {
                for (int j = 0; j < outer; j++) {
                    float sum = 0;
                    for (int i = 0; i < inner; i++) {
                        sum = Math.fma(from[line * inner + i], weights[i * outer + j], sum);
                    }
                    to[line * outer + j] = sum + shift[shift.length == 1 ? 0 : j];
                }
            }
        }
    }

    /** Element by element, from two rows. */
    record Pairwise(int left, int right, int out, Pair pair) implements Step {
        @Override
        public void run(float[][] values) {
            float[] to = values[out];
            for (int i = 0; i < to.length; i++) {
                to[i] = pair.of(values[left][i], values[right][i]);
            }
        }
    }

    /**
     * Element by element, from a row and a constant that is repeated.
     *
     * @param each how many elements in a row one of the constant is for
     */
    @SuppressWarnings("ArrayRecordComponent")
    record WithConstant(int in, int out, float[] constant, int each, boolean isLeft, Pair pair) implements Step {
        @Override
        public void run(float[][] values) {
            float[] to = values[out];
            for (int i = 0; i < to.length; i++) {
                float other = constant[i / each % constant.length];
                to[i] = isLeft ? pair.of(values[in][i], other) : pair.of(other, values[in][i]);
            }
        }
    }

    /** Element by element, from one row. */
    record Each(int in, int out, Curve curve) implements Step {
        @Override
        public void run(float[][] values) {
            for (int i = 0; i < values[out].length; i++) {
                values[out][i] = curve.of(values[in][i]);
            }
        }
    }

    /** Of lines of {@code width}. */
    record Softmax(int in, int out, int width) implements Step {
        @Override
        public void run(float[][] values) {
            float[] from = values[in];
            float[] to = values[out];
            for (int start = 0; start < to.length; start += width) {
                float most = Float.NEGATIVE_INFINITY;
                for (int i = start; i < start + width; i++) {
                    most = Math.max(most, from[i]);
                }
                float sum = 0;
                for (int i = start; i < start + width; i++) {
                    to[i] = (float) StrictMath.exp(from[i] - most);
                    sum += to[i];
                }
                for (int i = start; i < start + width; i++) {
                    to[i] /= sum;
                }
            }
        }
    }

    /** Windows that move over pictures. */
    @SuppressWarnings("ArrayRecordComponent")
    record Convolution(int in, int out, float[] weights, float[] shift, Window window, int channels, int filters)
            implements Step {
        @Override
        public void run(float[][] values) {
            float[] from = values[in];
            float[] to = values[out];
            int at = 0;
            for (int filter = 0; filter < filters; filter++) {
                for (int y = 0; y < window.outHeight(); y++) {
                    for (int x = 0; x < window.outWidth(); x++) {
                        to[at++] = sum(from, filter, window.top(y), window.left(x))
                                + shift[shift.length == 1 ? 0 : filter];
                    }
                }
            }
        }

        private float sum(float[] from, int filter, int top, int left) {
            float sum = 0;
            int weight = filter * channels * window.sizeY() * window.sizeX();
            for (int channel = 0; channel < channels; channel++) {
                for (int v = 0; v < window.sizeY(); v++) {
                    for (int u = 0; u < window.sizeX(); u++, weight++) {
                        int place = window.place(channel, top + v, left + u);
                        if (place >= 0) {
                            sum = Math.fma(from[place], weights[weight], sum);
                        }
                    }
                }
            }
            return sum;
        }
    }

    /** The largest of each window. */
    record Largest(int in, int out, Window window, int channels) implements Step {
        @Override
        public void run(float[][] values) {
            int at = 0;
            for (int channel = 0; channel < channels; channel++) {
                for (int y = 0; y < window.outHeight(); y++) {
                    for (int x = 0; x < window.outWidth(); x++) {
                        values[out][at++] = most(values[in], channel, window.top(y), window.left(x));
                    }
                }
            }
        }

        private float most(float[] from, int channel, int top, int left) {
            float most = Float.NEGATIVE_INFINITY;
            for (int v = 0; v < window.sizeY(); v++) {
                for (int u = 0; u < window.sizeX(); u++) {
                    int place = window.place(channel, top + v, left + u);
                    most = place < 0 ? most : Math.max(most, from[place]);
                }
            }
            return most;
        }
    }

    /** A value under another name, perhaps of another shape. */
    record Same(int in, int out) implements Step {
        @Override
        public void run(float[][] values) {
            System.arraycopy(values[in], 0, values[out], 0, values[out].length);
        }
    }

    /** What becomes of two numbers. */
    enum Pair {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE;

        float of(float left, float right) {
            return switch (this) {
                case ADD -> left + right;
                case SUBTRACT -> left - right;
                case MULTIPLY -> left * right;
                case DIVIDE -> left / right;
            };
        }
    }

    /** What becomes of a number. */
    enum Curve {
        RAMP,
        SIGMOID,
        TANH;

        float of(float value) {
            return switch (this) {
                case RAMP -> Math.max(value, 0);
                case SIGMOID -> (float) (1 / (1 + StrictMath.exp(-value)));
                case TANH -> (float) StrictMath.tanh(value);
            };
        }
    }
}
