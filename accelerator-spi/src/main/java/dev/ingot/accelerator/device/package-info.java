/** What programs use: devices, their buffers, queues and timelines. */
@NullMarked
package dev.ingot.accelerator.device;

import org.jspecify.annotations.NullMarked;
