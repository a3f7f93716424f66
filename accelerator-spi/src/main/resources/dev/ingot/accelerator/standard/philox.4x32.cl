__kernel void operation(__global uint *out, const long blocks, const long counter, const long stream,
                        const long key, const long first) {
    const long i = first + (long) get_global_id(0);
    const ulong position = (ulong) counter + (ulong) i;
    uint x0 = (uint) position, x1 = (uint) (position >> 32);
    uint x2 = (uint) stream, x3 = (uint) ((ulong) stream >> 32);
    uint k0 = (uint) key, k1 = (uint) ((ulong) key >> 32);
    for (int round = 0; round < 10; round++) {
        const uint y0 = mul_hi(x2, 0xCD9E8D57U) ^ x1 ^ k0;
        const uint y2 = mul_hi(x0, 0xD2511F53U) ^ x3 ^ k1;
        x1 = x2 * 0xCD9E8D57U;
        x3 = x0 * 0xD2511F53U;
        x0 = y0;
        x2 = y2;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    out[4 * i] = x0;
    out[4 * i + 1] = x1;
    out[4 * i + 2] = x2;
    out[4 * i + 3] = x3;
}
