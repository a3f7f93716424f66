// A core that Verilator has translated, in a slot.
#include "slot.h"

#include <cstring>

#include "Vslot.h"
#include "verilated.h"

namespace {

class VerilatedSlot final : public Slot {
    VerilatedContext context;
    Vslot core{&context};

    void tick() {
        core.clk = 0;
        core.eval();
        core.clk = 1;
        core.eval();
    }

  public:
    VerilatedSlot() {
        core.rst = 1;
        tick();
        tick();
        core.rst = 0;
        core.bready = 1;
        core.rready = 1;
    }

    ~VerilatedSlot() override { core.final(); }

    void write(uint8_t address, uint32_t value) override {
        core.awaddr = address;
        core.wdata = value;
        core.awvalid = 1;
        core.wvalid = 1;
        do {
            tick();
        } while (!core.bvalid);
        core.awvalid = 0;
        core.wvalid = 0;
        while (core.bvalid) tick();
    }

    uint32_t read(uint8_t address) override {
        core.araddr = address;
        core.arvalid = 1;
        do {
            tick();
        } while (!core.rvalid);
        uint32_t value = core.rdata;
        core.arvalid = 0;
        while (core.rvalid) tick();
        return value;
    }

    void scan(std::vector<uint8_t>& bits, uint32_t count) override {
        core.scan_en = 1;
        for (uint32_t i = 0; i < count; i++) {
            uint8_t mask = uint8_t(1 << (i & 7));
            core.eval();
            bool out = core.scan_out;
            core.scan_in = (bits[i >> 3] & mask) != 0;
            tick();
            bits[i >> 3] = uint8_t((bits[i >> 3] & ~mask) | (out ? mask : 0));
        }
        core.scan_en = 0;
        core.eval();
    }

    uint32_t run(uint32_t cycles, std::vector<uint8_t>& memory, bool& fault) override {
        const size_t width = sizeof(core.mem_rdata);
        uint32_t done = 0;
        while (done < cycles && !core.irq) {
            core.mem_ready = 0;
            if (core.mem_valid) {
                uint64_t at = uint64_t(core.mem_addr) * width;
                if (at + width > memory.size()) {
                    fault = true;
                    return done;
                }
                if (core.mem_write) {
                    std::memcpy(&memory[at], &core.mem_wdata, width);
                } else {
                    std::memcpy(&core.mem_rdata, &memory[at], width);
                }
                core.mem_ready = 1;
            }
            tick();
            done++;
        }
        core.mem_ready = 0;
        core.eval();
        return done;
    }
};

}  // namespace

extern "C" Slot* make_slot() { return new VerilatedSlot; }
