// Stands in for the CUDA driver and its run-time compiler where there is no GPU: the same functions, but the device is the processor
// and its machine code is made by g++. Programs are kept beside this library.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

enum Result { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_CONTEXT = 201, INVALID_PTX = 218, ILLEGAL_STATE = 401, NOT_FOUND = 500,
              ILLEGAL_ADDRESS = 700 };
constexpr size_t MEMORY = size_t(1) << 30;
constexpr int DEVICES = 2, FIRST = 7, UUID = 16;

bool isDevice(int device) { return device >= FIRST && device < FIRST + DEVICES; }

// What a source sees of CUDA.
const char* const BUILTINS = R"(
#include <cstddef>
#include <utility>
#define __global__
#define __device__
struct Place { unsigned x, y, z; };
static Place blockIdx, blockDim, threadIdx;
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned) ((unsigned long) a * b >> 32); }
static inline float __uint_as_float(unsigned bits) { float f; __builtin_memcpy(&f, &bits, 4); return f; }
static inline unsigned __float_as_uint(float f) { unsigned bits; __builtin_memcpy(&bits, &f, 4); return bits; }
static inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline long min(long a, long b) { return a < b ? a : b; }
static inline long max(long a, long b) { return a > b ? a : b; }
)";

// Calls a kernel of whatever signature once for each thread of each block.
const char* const LAUNCHER = R"(
template <class... A, size_t... I> static void call(void (*kernel)(A...), void** p, std::index_sequence<I...>) {
    kernel(*(A*) p[I]...);
}
template <class... A> static void launch(void (*kernel)(A...), unsigned blocks, unsigned threads, void** p) {
    blockDim = {threads, 1, 1};
    for (unsigned b = 0; b < blocks; b++)
        for (unsigned t = 0; t < threads; t++) {
            blockIdx = {b, 0, 0};
            threadIdx = {t, 0, 0};
            call(kernel, p, std::index_sequence_for<A...>{});
        }
}
extern "C" void launch_operation(unsigned blocks, unsigned threads, void** p) { launch(operation, blocks, threads, p); }
)";

bool initialized, current;
std::map<uint64_t, size_t> allocated;

size_t taken() {
    size_t sum = 0;
    for (auto& each : allocated) sum += each.second;
    return sum;
}

bool contains(uint64_t at, size_t bytes) {
    auto after = allocated.upper_bound(at);
    if (after == allocated.begin()) return false;
    auto block = std::prev(after);
    return at + bytes <= block->first + block->second;
}

// As the driver has it: what a process does, and what is kept of its devices meanwhile.
enum ProcessState { RUNNING, LOCKED, CHECKPOINTED, FAILED };
ProcessState process = RUNNING;
std::map<uint64_t, std::string> kept;

// The driver has whoever calls wait while a process is locked; nobody must.
int ready() { return process != RUNNING ? ILLEGAL_STATE : !initialized ? NOT_INITIALIZED : !current ? INVALID_CONTEXT : OK; }

struct Program {
    std::string source, library, log;
};

std::string directory();

// Notes what goes to memory of the device and back, where a test asks for it.
void note(const char* what, size_t bytes) {
    std::string file = directory() + "/transfers";
    if (access(file.c_str(), W_OK) == 0) std::ofstream(file, std::ios::app) << getpid() << " " << what << " " << bytes << "\n";
}

std::string directory() {
    Dl_info here;
    dladdr(reinterpret_cast<void*>(&directory), &here);
    std::string file = here.dli_fname;
    return file.substr(0, file.rfind('/'));
}

std::string read(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// A kernel in PTX, done instruction by instruction: as many of them as the tests' kernels have.
struct Ptx {
    std::string entry;
    std::vector<std::string> parameters;
    std::vector<std::vector<std::string>> instructions;

    // Returns false if the text has anything else.
    bool parse(const std::string& text) {
        static const std::set<std::string> known{"ld.param.u64", "mov.u32", "mad.lo.u32", "cvt.u64.u32", "add.u64", "shl.b64",
                                                 "mad.lo.u64", "ld.global.u64", "st.global.u64", "ret"};
        std::string spaced;
        for (char c : text) spaced += c == ',' || c == '[' || c == ']' || c == '(' || c == ')' || c == ';' ? ' ' : c;
        std::istringstream lines(spaced);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::vector<std::string> all;
            for (std::string word; words >> word;) all.push_back(word);
            if (all.empty() || all[0] == "{" || all[0] == "}" || all[0] == ".version" || all[0] == ".target" ||
                all[0] == ".address_size" || all[0] == ".reg") {
                continue;
            }
            if (all[0] == ".visible" && all.size() == 3 && all[1] == ".entry") {
                entry = all[2];
            } else if (all[0] == ".param" && all.size() == 3 && all[1] == ".u64") {
                parameters.push_back(all[2]);
            } else if (known.count(all[0])) {
                instructions.push_back(all);
            } else {
                return false;
            }
        }
        return !entry.empty();
    }

    // Returns false where the kernel reaches for what was not allocated.
    bool run(unsigned block, unsigned threads, unsigned thread, void** arguments) const {
        std::map<std::string, uint64_t> values{{"%ctaid.x", block}, {"%ntid.x", threads}, {"%tid.x", thread}};
        for (size_t i = 0; i < parameters.size(); i++) values[parameters[i]] = *static_cast<uint64_t*>(arguments[i]);
        auto value = [&](const std::string& word) { return values.count(word) ? values[word] : std::stoull(word); };
        for (auto& each : instructions) {
            const std::string& what = each[0];
            if (what == "ret") return true;
            if (what == "st.global.u64" || what == "ld.global.u64") {
                uint64_t at = value(each[what[0] == 's' ? 1 : 2]);
                if (!contains(at, 8)) return false;
                if (what[0] == 's') {
                    *reinterpret_cast<uint64_t*>(at) = value(each[2]);
                } else {
                    values[each[1]] = *reinterpret_cast<uint64_t*>(at);
                }
                continue;
            }
            uint64_t result = value(each[2]);
            if (what == "add.u64") result += value(each[3]);
            if (what == "shl.b64") result <<= value(each[3]);
            if (what.rfind("mad.lo", 0) == 0) result = result * value(each[3]) + value(each[4]);
            if (what.find("u32") != std::string::npos) result &= 0xffffffff;
            values[each[1]] = result;
        }
        return true;
    }
};

std::set<const void*> interpreted;

}  // namespace

extern "C" {

int cuInit(unsigned flags) {
    initialized = flags == 0;
    return initialized ? OK : INVALID_VALUE;
}
int cuDriverGetVersion(int* version) {
    *version = 13000;
    return OK;
}
int cuDeviceGetCount(int* count) {
    *count = DEVICES;
    return initialized ? OK : NOT_INITIALIZED;
}
int cuDeviceGet(int* device, int ordinal) {
    *device = FIRST + ordinal;
    return ordinal >= 0 && ordinal < DEVICES ? OK : INVALID_VALUE;
}
int cuDeviceGetName(char* name, int bytes, int device) {
    snprintf(name, bytes, "stand-in");
    return isDevice(device) ? OK : INVALID_VALUE;
}
int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    *bytes = MEMORY;
    return isDevice(device) ? OK : INVALID_VALUE;
}
int cuDeviceGetAttribute(int* value, int attribute, int device) {
    *value = attribute == 75 ? 9 : 0;
    return isDevice(device) ? OK : INVALID_VALUE;
}
int cuDeviceGetUuid_v2(char* uuid, int device) {
    memset(uuid, 0x10 * device, UUID);
    return isDevice(device) ? OK : INVALID_VALUE;
}

int cuCheckpointProcessGetState(int pid, int* state) {
    *state = process;
    return pid == getpid() ? OK : INVALID_VALUE;
}

int cuCheckpointProcessLock(int pid, const int* arguments) {
    if (pid != getpid() || arguments[0] <= 0) return INVALID_VALUE;
    if (process != RUNNING) return ILLEGAL_STATE;
    process = LOCKED;
    return OK;
}

int cuCheckpointProcessCheckpoint(int pid, const void*) {
    if (pid != getpid() || process != LOCKED) return ILLEGAL_STATE;
    for (auto& each : allocated) {
        char* content = reinterpret_cast<char*>(each.first);
        kept[each.first] = std::string(content, each.second);
        memset(content, 0x5c, each.second);
    }
    process = CHECKPOINTED;
    return OK;
}

int cuCheckpointProcessRestore(int pid, const uint64_t* arguments) {
    if (pid != getpid() || process != CHECKPOINTED) return ILLEGAL_STATE;
    const unsigned char* pairs = reinterpret_cast<const unsigned char*>(arguments[0]);
    unsigned count = static_cast<unsigned>(arguments[1]);
    if (pairs) {
        if (access((directory() + "/refuse").c_str(), R_OK) == 0) return 801;
        // Each device that the process sees must be named once on either side.
        if (count != DEVICES) return INVALID_VALUE;
        int before = 0, after = 0;
        for (unsigned i = 0; i < 2 * count; i++) (i % 2 ? after : before) |= 1 << ((pairs[i * UUID] >> 4) - FIRST);
        if (before != (1 << DEVICES) - 1 || after != before) return INVALID_VALUE;
        std::ofstream(directory() + "/moves", std::ios::app) << pid << " " << (pairs[0] == pairs[UUID] ? "stayed" : "moved") << "\n";
    }
    for (auto& each : kept) memcpy(reinterpret_cast<void*>(each.first), each.second.data(), each.second.size());
    kept.clear();
    process = LOCKED;
    return OK;
}

int cuCheckpointProcessUnlock(int pid, const void*) {
    if (pid != getpid() || process != LOCKED) return ILLEGAL_STATE;
    process = RUNNING;
    return OK;
}

int cuDevicePrimaryCtxRetain(void** context, int device) {
    *context = &current;
    return isDevice(device) ? OK : INVALID_VALUE;
}
int cuDevicePrimaryCtxRelease_v2(int device) {
    current = false;
    return isDevice(device) ? OK : INVALID_VALUE;
}
int cuCtxSetCurrent(void* context) {
    current = context == &current;
    return current ? OK : INVALID_CONTEXT;
}
int cuCtxSynchronize() { return ready(); }
int cuMemAlloc_v2(uint64_t* pointer, size_t bytes) {
    if (ready() != OK) return ready();
    if (bytes > MEMORY - taken()) return OUT_OF_MEMORY;
    *pointer = reinterpret_cast<uint64_t>(malloc(bytes));
    // Memory of a device is not zero at first.
    memset(reinterpret_cast<void*>(*pointer), 0xa5, bytes);
    allocated[*pointer] = bytes;
    note("allocated", bytes);
    return OK;
}
int cuMemFree_v2(uint64_t pointer) {
    if (!allocated.count(pointer)) return INVALID_VALUE;
    note("freed", allocated[pointer]);
    allocated.erase(pointer);
    free(reinterpret_cast<void*>(pointer));
    return OK;
}
int cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) {
    if (ready() != OK || !contains(to, bytes)) return ready() != OK ? ready() : INVALID_VALUE;
    memcpy(reinterpret_cast<void*>(to), from, bytes);
    note("up", bytes);
    return OK;
}
int cuMemcpyDtoH_v2(void* to, uint64_t from, size_t bytes) {
    if (ready() != OK || !contains(from, bytes)) return ready() != OK ? ready() : INVALID_VALUE;
    memcpy(to, reinterpret_cast<void*>(from), bytes);
    note("down", bytes);
    return OK;
}
int cuModuleLoadData(void** module, const void* image) {
    if (ready() != OK) return ready();
    std::string text = static_cast<const char*>(image);
    if (text.rfind(".version", 0) == 0) {
        Ptx* kernel = new Ptx;
        interpreted.insert(kernel);
        *module = kernel;
        return kernel->parse(text) ? OK : INVALID_PTX;
    }
    *module = dlopen(static_cast<const char*>(image), RTLD_NOW | RTLD_LOCAL);
    return *module ? OK : 200;
}
int cuModuleGetFunction(void** function, void* module, const char* name) {
    if (interpreted.count(module)) {
        *function = module;
        return static_cast<Ptx*>(module)->entry == name ? OK : NOT_FOUND;
    }
    *function = dlsym(module, (std::string("launch_") + name).c_str());
    return *function ? OK : NOT_FOUND;
}
int cuLaunchKernel(void* function, unsigned blocks, unsigned gy, unsigned gz, unsigned threads, unsigned by, unsigned bz,
                   unsigned shared, void* stream, void** arguments, void** extra) {
    if (ready() != OK) return ready();
    if (gy != 1 || gz != 1 || by != 1 || bz != 1 || shared || stream || extra || !blocks || !threads || threads > 1024) {
        return INVALID_VALUE;
    }
    if (interpreted.count(function)) {
        for (unsigned i = 0; i < blocks * threads; i++) {
            if (!static_cast<Ptx*>(function)->run(i / threads, threads, i % threads, arguments)) return ILLEGAL_ADDRESS;
        }
        return OK;
    }
    reinterpret_cast<void (*)(unsigned, unsigned, void**)>(function)(blocks, threads, arguments);
    return OK;
}

int nvrtcCreateProgram(Program** program, const char* source, const char*, int headers, const char**, const char**) {
    *program = new Program{source, "", ""};
    return headers == 0 ? OK : INVALID_VALUE;
}
int nvrtcCompileProgram(Program* program, int count, const char** options) {
    bool fused = true, aimed = false;
    for (int i = 0; i < count; i++) {
        fused &= strcmp(options[i], "--fmad=false") != 0;
        aimed |= strcmp(options[i], "--gpu-architecture=compute_90") == 0;
    }
    if (fused || !aimed) return 5;
    std::string text = std::string(BUILTINS) + program->source + LAUNCHER;
    std::string name = directory() + "/program-" + std::to_string(std::hash<std::string>{}(text));
    program->library = name + ".so";
    if (access(program->library.c_str(), R_OK) == 0) return OK;
    std::string own = name + "-" + std::to_string(getpid());
    std::ofstream(own + ".cpp") << text;
    std::string command = "g++ -std=c++17 -O1 -ffp-contract=off -w -fPIC -shared -o " + own + ".so " + own + ".cpp 2>" + own + ".log";
    int failed = system(command.c_str());
    program->log = read(own + ".log");
    return failed || rename((own + ".so").c_str(), program->library.c_str()) ? 6 : OK;
}
int nvrtcGetPTXSize(Program* program, size_t* bytes) {
    *bytes = program->library.size() + 1;
    return OK;
}
int nvrtcGetPTX(Program* program, char* code) {
    strcpy(code, program->library.c_str());
    return OK;
}
int nvrtcGetProgramLogSize(Program* program, size_t* bytes) {
    *bytes = program->log.size() + 1;
    return OK;
}
int nvrtcGetProgramLog(Program* program, char* log) {
    strcpy(log, program->log.c_str());
    return OK;
}
int nvrtcDestroyProgram(Program** program) {
    delete *program;
    *program = nullptr;
    return OK;
}
}
