/**
 * The control protocol: how a command outside reaches a program that runs under Ingot.
 *
 * <p>One Unix-domain socket per process, in a directory only its owner may enter; a request is one line of JSON, its answer a
 * stream of such lines that ends with {@code done} or {@code failed}. {@link ControlServer} and {@link ControlClient} are the
 * two ends, {@link ControlCommands} is what the server's process can do. See docs/control-protocol.md.
 */
@NullMarked
package dev.ingot.core.control;

import org.jspecify.annotations.NullMarked;
