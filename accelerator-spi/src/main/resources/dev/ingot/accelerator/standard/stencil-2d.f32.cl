__kernel void operation(__global const float *in, __global float *out, const long height, const long width,
                        const float centre, const float side, const long first) {
    const long row = first + (long) get_global_id(0);
    for (long column = 0; column < width; column++) {
        const long at = row * width + column;
        float value = in[at];
        if (row > 0 && row < height - 1 && column > 0 && column < width - 1) {
            const float sides = ((in[at - width] + in[at + width]) + in[at - 1]) + in[at + 1];
            value = fma(side, sides, centre * value);
        }
        out[at] = value;
    }
}
