__kernel void operation(__global const float *in, __global float *sums, const long n, const long first) {
    const long block = first + (long) get_global_id(0);
    const int count = (int) min(256L, n - block * 256);
    float values[256];
    for (int i = 0; i < count; i++) {
        values[i] = in[block * 256 + i];
    }
    for (int distance = 1; distance < count; distance *= 2) {
        for (int i = 0; i + distance < count; i += 2 * distance) {
            values[i] += values[i + distance];
        }
    }
    sums[block] = values[0];
}
