package dev.ingot.accelerator.standard;

/**
 * Functions of floats that come out the same to the bit wherever multiplication and fused multiply-add are rounded as IEEE 754 says:
 * nothing else is used, because division, roots and powers are not exact on every device. For finite arguments.
 */
final class Exact {
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN_2_HIGH = 0x1.62e4p-1f;
    private static final float LN_2_LOW = 0x1.7f7d1cp-20f;
    private static final float ROUND = 0x1.8p23f;
    /** Below this the result would not be a normal number. */
    private static final float LOWEST = -87f;

    private Exact() {}

    /** e to the power of a number that is not positive; within 3 ulp, and 0 below -87. */
    static float exp(float x) {
        if (!(x >= LOWEST)) {
            return 0;
        }
        float shifted = Math.fma(x, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN_2_HIGH, x);
        r = Math.fma(n, -LN_2_LOW, r);
        float p = 0x1.6c16c2p-10f;
        p = Math.fma(p, r, 0x1.111112p-7f);
        p = Math.fma(p, r, 0x1.555556p-5f);
        p = Math.fma(p, r, 0x1.555556p-3f);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return p * Float.intBitsToFloat(((int) n + 127) << 23);
    }

    /** 1 / x for a normal number between 2^-100 and 2^100, by Newton's method; within 1 ulp. */
    static float reciprocal(float x) {
        float y = Float.intBitsToFloat(0x7ef311c3 - Float.floatToRawIntBits(x));
        for (int i = 0; i < 4; i++) {
            y = Math.fma(y, Math.fma(-x, y, 1f), y);
        }
        return y;
    }

    /** 1 / sqrt(x) for a normal number between 2^-100 and 2^100, by Newton's method; within 2 ulp. */
    static float inverseRoot(float x) {
        float y = Float.intBitsToFloat(0x5f3759df - (Float.floatToRawIntBits(x) >> 1));
        for (int i = 0; i < 4; i++) {
            float half = 0.5f * y;
            y = Math.fma(half, Math.fma(-x * y, y, 1f), y);
        }
        return y;
    }
}
