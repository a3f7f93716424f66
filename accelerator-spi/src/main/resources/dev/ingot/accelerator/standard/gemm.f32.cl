__kernel void operation(__global const float *a, __global const float *b, __global float *c,
                        const long m, const long n, const long k, const long first) {
    const long row = first + (long) get_global_id(0);
    for (long column = 0; column < n; column++) {
        float sum = 0;
        for (long i = 0; i < k; i++) {
            sum = fma(a[row * k + i], b[i * n + column], sum);
        }
        c[row * n + column] = sum;
    }
}
