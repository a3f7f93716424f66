/**
 * The control process: one writer around the decision core, its journal, the leases of nodes, and the socket through which users and
 * nodes come.
 */
@NullMarked
package dev.ingot.scheduler.control;

import org.jspecify.annotations.NullMarked;
