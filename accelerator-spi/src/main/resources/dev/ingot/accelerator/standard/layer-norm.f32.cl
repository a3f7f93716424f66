static float reciprocal(float x) {
    float y = as_float(0x7ef311c3U - as_uint(x));
    for (int i = 0; i < 4; i++) {
        y = fma(y, fma(-x, y, 1.0f), y);
    }
    return y;
}

static float inverseRoot(float x) {
    float y = as_float(0x5f3759dfU - (as_uint(x) >> 1));
    for (int i = 0; i < 4; i++) {
        const float half_y = 0.5f * y;
        y = fma(half_y, fma(-x * y, y, 1.0f), y);
    }
    return y;
}

__kernel void operation(__global const float *in, __global const float *scale, __global const float *shift,
                        __global float *out, const long rows, const long width, const float epsilon,
                        const long first) {
    const long begin = (first + (long) get_global_id(0)) * width;
    const float share = reciprocal((float) width);
    float sum = 0;
    for (long i = 0; i < width; i++) {
        sum += in[begin + i];
    }
    const float mean = sum * share;
    float squares = 0;
    for (long i = 0; i < width; i++) {
        const float distance = in[begin + i] - mean;
        squares = fma(distance, distance, squares);
    }
    const float factor = inverseRoot(fma(squares, share, epsilon));
    for (long i = 0; i < width; i++) {
        const float normal = (in[begin + i] - mean) * factor;
        out[begin + i] = fma(normal, scale[i], shift[i]);
    }
}
