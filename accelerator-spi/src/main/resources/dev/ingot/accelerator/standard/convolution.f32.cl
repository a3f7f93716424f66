__kernel void operation(__global const float *in, __global const float *weights, __global float *out,
                        const long filters, const long channels, const long height, const long width,
                        const long size, const long first) {
    const long item = first + (long) get_global_id(0);
    const long rows = height - size + 1, columns = width - size + 1;
    const long filter = item / rows, y = item % rows;
    for (long x = 0; x < columns; x++) {
        float sum = 0;
        for (long channel = 0; channel < channels; channel++) {
            for (long i = 0; i < size; i++) {
                for (long j = 0; j < size; j++) {
                    const float value = in[(channel * height + y + i) * width + x + j];
                    sum = fma(value, weights[((filter * channels + channel) * size + i) * size + j], sum);
                }
            }
        }
        out[item * columns + x] = sum;
    }
}
