/** Stand-ins for classes of Agrona's, under its names. */
@NullMarked
package org.agrona;

import org.jspecify.annotations.NullMarked;
