package dev.ingot.accelerator.operation;

import java.util.Objects;

/** A buffer that an operation works on. */
public record Operand(String name, ElementType type, Access access) {
    public Operand {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(access);
    }
}
