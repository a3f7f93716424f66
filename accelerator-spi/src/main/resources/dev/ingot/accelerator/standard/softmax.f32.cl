static float power(float x) {
    if (!(x >= -87.0f)) {
        return 0;
    }
    const float n = fma(x, 0x1.715476p0f, 0x1.8p23f) - 0x1.8p23f;
    float r = fma(n, -0x1.62e4p-1f, x);
    r = fma(n, -0x1.7f7d1cp-20f, r);
    float p = 0x1.6c16c2p-10f;
    p = fma(p, r, 0x1.111112p-7f);
    p = fma(p, r, 0x1.555556p-5f);
    p = fma(p, r, 0x1.555556p-3f);
    p = fma(p, r, 0.5f);
    p = fma(p, r, 1.0f);
    p = fma(p, r, 1.0f);
    return p * as_float((uint) ((int) n + 127) << 23);
}

static float reciprocal(float x) {
    float y = as_float(0x7ef311c3U - as_uint(x));
    for (int i = 0; i < 4; i++) {
        y = fma(y, fma(-x, y, 1.0f), y);
    }
    return y;
}

__kernel void operation(__global const float *in, __global float *out, const long rows, const long width,
                        const long first) {
    const long begin = (first + (long) get_global_id(0)) * width;
    float largest = as_float(0xff800000U);
    for (long i = 0; i < width; i++) {
        const float value = in[begin + i];
        largest = value > largest ? value : largest;
    }
    float sum = 0;
    for (long i = 0; i < width; i++) {
        sum += power(in[begin + i] - largest);
    }
    const float factor = reciprocal(sum);
    for (long i = 0; i < width; i++) {
        out[begin + i] = power(in[begin + i] - largest) * factor;
    }
}
