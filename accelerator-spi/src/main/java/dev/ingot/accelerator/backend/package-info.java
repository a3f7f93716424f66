/** What a backend implements: a provider, devices, their memory. */
@NullMarked
package dev.ingot.accelerator.backend;

import org.jspecify.annotations.NullMarked;
