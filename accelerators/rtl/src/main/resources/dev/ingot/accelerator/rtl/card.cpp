// The card: memory, and a slot into which cores are loaded. Requests come over the standard input, answers go over the standard
// output, numbers are little-endian. It ends with its input, and works no longer on one request than it was told cycles for.
#include <dlfcn.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "slot.h"

namespace {

enum Answer : uint8_t { DONE = 0, REFUSED = 1, MEMORY_FAULT = 2, FOREIGN = 3 };

constexpr uint32_t MOST_STATE = 16 << 20;

[[noreturn]] void end(int code) {
    // What a core's library holds is the system's to free.
    fflush(stdout);
    _Exit(code);
}

void take(void* to, size_t bytes) {
    if (fread(to, 1, bytes, stdin) != bytes) end(0);
}

uint32_t number() {
    uint8_t b[4];
    take(b, 4);
    return uint32_t(b[0]) | uint32_t(b[1]) << 8 | uint32_t(b[2]) << 16 | uint32_t(b[3]) << 24;
}

std::vector<uint8_t> bytes(size_t count) {
    std::vector<uint8_t> read(count);
    take(read.data(), count);
    return read;
}

void give(uint8_t value) { fwrite(&value, 1, 1, stdout); }

void give(uint32_t value) {
    uint8_t b[4] = {uint8_t(value), uint8_t(value >> 8), uint8_t(value >> 16), uint8_t(value >> 24)};
    fwrite(b, 1, 4, stdout);
}

class Card {
    std::vector<uint8_t> memory;
    void* library = nullptr;
    std::unique_ptr<Slot> slot;

    void load(const std::string& file) {
        slot.reset();
        if (library) dlclose(library);
        library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        auto make = library ? reinterpret_cast<Slot* (*)()>(dlsym(library, "make_slot")) : nullptr;
        if (!make) {
            fprintf(stderr, "cannot load %s: %s\n", file.c_str(), dlerror());
            give(uint8_t(REFUSED));
            return;
        }
        slot.reset(make());
        give(uint8_t(DONE));
    }

    bool hasSlot() {
        give(uint8_t(slot ? DONE : REFUSED));
        return slot != nullptr;
    }

    bool contains(uint32_t at, uint32_t count) {
        bool inside = uint64_t(at) + count <= memory.size();
        give(uint8_t(inside ? DONE : MEMORY_FAULT));
        return inside;
    }

    void run(uint32_t cycles) {
        bool fault = false;
        uint32_t done = slot ? slot->run(cycles, memory, fault) : 0;
        give(uint8_t(!slot ? REFUSED : fault ? MEMORY_FAULT : DONE));
        give(done);
    }

  public:
    explicit Card(size_t size) : memory(size) {}

    void serve() {
        for (;;) {
            uint8_t request;
            take(&request, 1);
            switch (request) {
                case 'L': {
                    auto name = bytes(number());
                    load(std::string(name.begin(), name.end()));
                    break;
                }
                case 'W': {
                    uint32_t address = number(), value = number();
                    if (hasSlot()) slot->write(uint8_t(address), value);
                    break;
                }
                case 'R': {
                    uint32_t address = number();
                    if (hasSlot()) give(slot->read(uint8_t(address)));
                    break;
                }
                case 'I': {
                    uint32_t at = number();
                    auto content = bytes(number());
                    if (contains(at, uint32_t(content.size()))) {
                        std::copy(content.begin(), content.end(), memory.begin() + at);
                    }
                    break;
                }
                case 'O': {
                    uint32_t at = number(), count = number();
                    if (contains(at, count)) fwrite(&memory[at], 1, count, stdout);
                    break;
                }
                case 'X':
                    run(number());
                    break;
                case 'S': {
                    uint32_t count = number();
                    auto bits = bytes((count + 7) / 8);
                    if (hasSlot()) {
                        slot->scan(bits, count);
                        fwrite(bits.data(), 1, bits.size(), stdout);
                    }
                    break;
                }
                case 'G':
                    if (hasSlot()) {
                        auto state = slot->save();
                        if (state.size() > MOST_STATE) state.clear();
                        give(uint32_t(state.size()));
                        fwrite(state.data(), 1, state.size(), stdout);
                    }
                    break;
                case 'P': {
                    uint32_t count = number();
                    if (count > MOST_STATE) {
                        fprintf(stderr, "a state cannot have %u bytes\n", count);
                        end(2);
                    }
                    auto state = bytes(count);
                    give(uint8_t(!slot ? REFUSED : slot->restore(state) ? DONE : FOREIGN));
                    break;
                }
                case 'Z':
                    if (hasSlot()) slot->reset();
                    break;
                default:
                    fprintf(stderr, "there is no request %d\n", request);
                    end(2);
            }
            fflush(stdout);
        }
    }
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: card BYTES-OF-MEMORY\n");
        return 2;
    }
    Card(std::stoul(arguments[1])).serve();
}
