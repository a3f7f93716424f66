/**
 * What every part of the accelerator interface shares: how a device is named and described, and how it fails.
 *
 * <p>Programs use {@code dev.ingot.accelerator.device}; a backend implements {@code dev.ingot.accelerator.backend}; what devices
 * compute is said by {@code dev.ingot.accelerator.operation}.
 */
@NullMarked
package dev.ingot.accelerator;

import org.jspecify.annotations.NullMarked;
