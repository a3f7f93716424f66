__kernel void operation(__global const float *x, __global const float *y, __global float *out,
                        const long n, const float alpha, const long first) {
    const long i = first + (long) get_global_id(0);
    out[i] = fma(alpha, x[i], y[i]);
}
