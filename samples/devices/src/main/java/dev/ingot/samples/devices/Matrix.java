package dev.ingot.samples.devices;

import java.util.Arrays;
import java.util.Random;

/** A matrix of floats, row by row. */
final class Matrix {
    private final int height;
    private final int width;
    private final float[] elements;

    /** Of zeros. */
    Matrix(int height, int width) {
        this.height = height;
        this.width = width;
        this.elements = new float[height * width];
    }

    /** Numbers from -0.2 to 0.2. */
    static Matrix random(int height, int width, Random random) {
        Matrix matrix = new Matrix(height, width);
        for (int i = 0; i < matrix.elements.length; i++) {
            matrix.elements[i] = 0.4f * random.nextFloat() - 0.2f;
        }
        return matrix;
    }

    Matrix transposed() {
        Matrix other = new Matrix(width, height);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                other.elements[column * height + row] = elements[row * width + column];
            }
        }
        return other;
    }

    /** These elements where the ones at the same places of {@code gate} are positive, otherwise 0. */
    Matrix where(Matrix gate) {
        Matrix other = new Matrix(height, width);
        for (int i = 0; i < elements.length; i++) {
            other.elements[i] = gate.elements[i] > 0 ? elements[i] : 0;
        }
        return other;
    }

    /** A new one: this and {@code factor} times the other one. */
    Matrix plus(float factor, Matrix other) {
        Matrix sum = new Matrix(height, width);
        sum.add(1, this);
        sum.add(factor, other);
        return sum;
    }

    /** Adds {@code factor} times the other one to this one. */
    void add(float factor, Matrix other) {
        for (int i = 0; i < elements.length; i++) {
            elements[i] += factor * other.elements[i];
        }
    }

    /** Each row as probabilities. */
    Matrix softmax() {
        Matrix other = new Matrix(height, width);
        for (int from = 0; from < elements.length; from += width) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < from + width; i++) {
                largest = Math.max(largest, elements[i]);
            }
            double sum = 0;
            for (int i = from; i < from + width; i++) {
                sum += StrictMath.exp(elements[i] - largest);
            }
            for (int i = from; i < from + width; i++) {
                other.elements[i] = (float) (StrictMath.exp(elements[i] - largest) / sum);
            }
        }
        return other;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** Not a copy. */
    float[] elements() {
        return elements;
    }

    /** A number that tells whether matrices are the same to the bit. */
    int hash() {
        return Arrays.hashCode(elements);
    }
}
