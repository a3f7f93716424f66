/** Bytes on their way from a program that stands still to a disk it must not wait for. */
@NullMarked
package dev.ingot.core.handover;

import org.jspecify.annotations.NullMarked;
