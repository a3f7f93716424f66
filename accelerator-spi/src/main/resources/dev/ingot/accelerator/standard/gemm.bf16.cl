__kernel void operation(__global const ushort *a, __global const ushort *b, __global float *c,
                        const long m, const long n, const long k, const long first) {
    const long row = first + (long) get_global_id(0);
    for (long column = 0; column < n; column++) {
        float sum = 0;
        for (long i = 0; i < k; i++) {
            sum = fma(as_float((uint) a[row * k + i] << 16), as_float((uint) b[i * n + column] << 16), sum);
        }
        c[row * n + column] = sum;
    }
}
