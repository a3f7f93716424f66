/**
 * Devices that are driven from a process of their own, the device host: native code there can crash, hang or change what signals do,
 * and the program notices nothing but the time until another host has taken over.
 *
 * <pre>
 *   program's JVM                          device host, one for each open device
 *   HostedBackend ──requests, pipes──► DeviceHost ──► backend of the provider
 *        └─────────── memory, files that both map ───────────┘
 * </pre>
 *
 * Memory belongs to the program, so it survives a host. A step that its host did not end is computed again in the next one, from the
 * safe point it began at.
 */
@NullMarked
package dev.ingot.accelerator.host;

import org.jspecify.annotations.NullMarked;
