/* A work item computes a row: 64 columns at once, then what is left one by one. Each sum takes k in ascending order. */
__kernel void operation(__global const float *a, __global const float *b, __global float *c,
                        const long m, const long n, const long k, const long first) {
    const long row = first + (long) get_global_id(0);
    long column = 0;
    for (; column + 64 <= n; column += 64) {
        float16 s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (long i = 0; i < k; i++) {
            const float16 factor = (float16) (a[row * k + i]);
            __global const float *from = b + i * n + column;
            s0 = fma(factor, vload16(0, from), s0);
            s1 = fma(factor, vload16(1, from), s1);
            s2 = fma(factor, vload16(2, from), s2);
            s3 = fma(factor, vload16(3, from), s3);
        }
        __global float *to = c + row * n + column;
        vstore16(s0, 0, to);
        vstore16(s1, 1, to);
        vstore16(s2, 2, to);
        vstore16(s3, 3, to);
    }
    for (; column < n; column++) {
        float sum = 0;
        for (long i = 0; i < k; i++) {
            sum = fma(a[row * k + i], b[i * n + column], sum);
        }
        c[row * n + column] = sum;
    }
}
