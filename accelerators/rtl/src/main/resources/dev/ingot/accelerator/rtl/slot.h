// What the card knows of a core in its slot. A core is a shared library with the function make_slot.
#include <cstdint>
#include <vector>

class Slot {
  public:
    virtual ~Slot() = default;
    virtual void write(uint8_t address, uint32_t value) = 0;
    virtual uint32_t read(uint8_t address) = 0;
    // Bits of the chain: those of `in` are shifted in, lowest bit of the lowest byte first, and what comes out replaces them.
    virtual void scan(std::vector<uint8_t>& bits, uint32_t count) = 0;
    // All that the core holds, for a core of the same build alone; empty if its size varies, so that no length could be checked.
    virtual std::vector<uint8_t> save() = 0;
    // Holds what another core saved. Returns false and holds what it held if that is not of the same build.
    virtual bool restore(const std::vector<uint8_t>& state) = 0;
    // Holds what it held at first.
    virtual void reset() = 0;
    // Clocks until the core is done, at most `cycles` times, and returns how often. Faults beyond the memory set `fault`.
    virtual uint32_t run(uint32_t cycles, std::vector<uint8_t>& memory, bool& fault) = 0;
};

extern "C" Slot* make_slot();
