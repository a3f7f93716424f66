/* Words of OpenCL C in CUDA, as far as kernels without vectors need them. */
#define __kernel extern "C" __global__
#define __global
#define get_global_id(dimension) ((unsigned long) blockIdx.x * blockDim.x + threadIdx.x)
#define mul_hi(x, y) __umulhi(x, y)
#define as_float(x) __uint_as_float(x)
#define as_uint(x) __float_as_uint(x)
#define static static __device__
typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
