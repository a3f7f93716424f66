/**
 * The daemon of one node: beats at the pool's socket, and starts, watches, suspends and kills workloads as the answers say. It keeps
 * nothing on disk that it would need again: a new one is another incarnation and begins with nothing.
 */
@NullMarked
package dev.ingot.node;

import org.jspecify.annotations.NullMarked;
