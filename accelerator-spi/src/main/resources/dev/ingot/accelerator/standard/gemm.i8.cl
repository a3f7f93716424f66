__kernel void operation(__global const char *a, __global const char *b, __global int *c,
                        const long m, const long n, const long k, const long first) {
    const long row = first + (long) get_global_id(0);
    for (long column = 0; column < n; column++) {
        /* Without sign, because only that wraps around. */
        uint sum = 0;
        for (long i = 0; i < k; i++) {
            sum += (uint) ((int) a[row * k + i] * (int) b[i * n + column]);
        }
        c[row * n + column] = (int) sum;
    }
}
