/** Stand-ins for classes of Agrona's, under its names. */
@NullMarked
package org.agrona.concurrent;

import org.jspecify.annotations.NullMarked;
