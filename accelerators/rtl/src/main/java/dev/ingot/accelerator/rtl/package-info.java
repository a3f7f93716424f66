/**
 * A card whose circuits are register-transfer code, translated by Verilator: its memory, the slot that cores are loaded into, and how
 * it is built and driven. The card is a process of its own, so no native code is in the JVM.
 *
 * <pre>
 *   device host ──requests, pipes──► card: memory ◄──► slot: AXI4-Lite registers, memory port, scan chain
 * </pre>
 *
 * <h2>Circuits of programs</h2>
 *
 * An operation's variant in {@code BITSTREAM} is the Verilog of a module {@code operation} with the ports of {@code hash.v}, for words of 64
 * bits, which need no scan chain: a step that is stopped is captured as the card's native state. All operands are in the card's memory. What is written to its registers
 * from 0x10 on is the word address of each operand, then each scalar, then the first item, each of these two in two halves with the low one
 * first and a float as its bits; then the number of items. It begins when 1 is written to register 0, and register 4 says in bit 0 whether
 * it is busy and in bit 1 whether it is done.
 */
@NullMarked
package dev.ingot.accelerator.rtl;

import org.jspecify.annotations.NullMarked;
