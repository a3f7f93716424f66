package dev.ingot.accelerator.rtl;

import dev.ingot.accelerator.DeviceFault;

/** A step of an operation on a core: what lies where in the card's memory, and what the arguments are. */
interface Job {

    Core core();

    /** What it takes of the card's memory. */
    long memoryBytes();

    /** Copies what is read to the card. */
    void writeInputs(Card card) throws DeviceFault;

    /** For the core's registers. */
    int[] arguments();

    /** Copies what was computed before to the card. */
    void writeResults(Card card) throws DeviceFault;

    /** Copies what the card computed from there. */
    void readResults(Card card) throws DeviceFault;
}
