/**
 * A card whose circuits are register-transfer code, translated by Verilator: its memory, the slot that cores are loaded into, and how
 * it is built and driven. The card is a process of its own, so no native code is in the JVM.
 *
 * <pre>
 *   device host ──requests, pipes──► card: memory ◄──► slot: AXI4-Lite registers, memory port, scan chain
 * </pre>
 */
@NullMarked
package dev.ingot.accelerator.rtl;

import org.jspecify.annotations.NullMarked;
