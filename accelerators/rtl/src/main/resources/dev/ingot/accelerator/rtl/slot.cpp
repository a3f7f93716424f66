// A core that Verilator has translated, in a slot.
#include "slot.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "Vslot.h"
#include "verilated.h"
#include "verilated_save.h"

// What Verilator cannot go on from. It ends the card, except where a state is being restored.
void vl_fatal(const char* file, int line, const char*, const char* message) {
    if (file && *file) fprintf(stderr, "%s:%d: ", file, line);
    fprintf(stderr, "%s\n", message);
    throw std::runtime_error(message);
}

namespace {

class Saving final : public VerilatedSerialize {
    std::vector<uint8_t>& state;

  public:
    explicit Saving(std::vector<uint8_t>& to) : state(to) { header(); }

    void finish() {
        trailer();
        flush();
    }

    void flush() override {
        state.insert(state.end(), m_bufp, m_cp);
        m_cp = m_bufp;
    }
};

// Behind the end come zeroes, so whatever is asked for there is something to read, and no more than that is read.
class Restoring final : public VerilatedDeserialize {
    const std::vector<uint8_t>& state;
    size_t given = 0;
    size_t zeroes = 0;

    void fill() override {
        size_t rest = size_t(m_endp - m_cp);
        std::memmove(m_bufp, m_cp, rest);
        size_t room = bufferSize() - rest;
        size_t count = std::min(room, state.size() - given);
        std::memcpy(m_bufp + rest, state.data() + given, count);
        std::memset(m_bufp + rest + count, 0, room - count);
        given += count;
        zeroes += room - count;
        m_cp = m_bufp;
        m_endp = m_bufp + bufferSize();
    }

  public:
    explicit Restoring(const std::vector<uint8_t>& from) : state(from) {
        m_endp = m_cp;
        header();
    }

    bool finish() {
        trailer();
        return given == state.size() && size_t(m_endp - m_cp) == zeroes;
    }
};

struct Model {
    VerilatedContext context;
    Vslot core{&context};

    Model() {
        core.rst = 1;
        tick();
        tick();
        core.rst = 0;
        core.bready = 1;
        core.rready = 1;
    }

    void tick() {
        core.clk = 0;
        core.eval();
        core.clk = 1;
        core.eval();
    }

    std::vector<uint8_t> state() {
        std::vector<uint8_t> state;
        Saving out(state);
        out << core;
        out.finish();
        return state;
    }
};

class VerilatedSlot final : public Slot {
    std::unique_ptr<Model> model = std::make_unique<Model>();
    const size_t size = model->state().size();

    void tick() { model->tick(); }

  public:
    ~VerilatedSlot() override { model->core.final(); }

    std::vector<uint8_t> save() override {
        auto state = model->state();
        if (state.size() != size) state.clear();
        return state;
    }

    bool restore(const std::vector<uint8_t>& state) override {
        if (state.size() != size) return false;
        auto next = std::make_unique<Model>();
        try {
            Restoring in(state);
            in >> next->core;
            if (!in.finish()) return false;
        } catch (const std::exception& wrong) {
            return false;
        }
        model.swap(next);
        return true;
    }

    void reset() override { model = std::make_unique<Model>(); }

    void write(uint8_t address, uint32_t value) override {
        Vslot& core = model->core;
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
        Vslot& core = model->core;
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
        Vslot& core = model->core;
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
        Vslot& core = model->core;
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
