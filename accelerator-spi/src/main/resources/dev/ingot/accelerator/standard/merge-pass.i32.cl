/* A work item finds one element of the output by a binary search for its place in the two runs. */
__kernel void operation(__global const int *in, __global int *out, const long n, const long width,
                        const long first) {
    const long i = first + (long) get_global_id(0);
    const long left = i / (2 * width) * (2 * width);
    const long right = min(left + width, n);
    const long end = min(left + 2 * width, n);
    const long rank = i - left;
    long low = max(0L, rank - (end - right));
    long high = min(rank, right - left);
    while (low < high) {
        const long taken = (low + high) / 2;
        if (in[left + taken] <= in[right + rank - taken - 1]) {
            low = taken + 1;
        } else {
            high = taken;
        }
    }
    const long other = right + rank - low;
    const int isFromLeft = left + low < right && (other >= end || in[left + low] <= in[other]);
    out[i] = in[isFromLeft ? left + low : other];
}
