__kernel void operation(__global const uchar *records, __global long *hashes, const long n, const long width,
                        const long first) {
    const long record = first + (long) get_global_id(0);
    ulong hash = 0xcbf29ce484222325UL;
    for (long i = record * width; i < (record + 1) * width; i++) {
        hash = (hash ^ records[i]) * 0x100000001b3UL;
    }
    hashes[record] = (long) hash;
}
