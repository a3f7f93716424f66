/**
 * Codecs of images, graphics and fonts, whose native side is made anew from what the program told them. {@link DesktopCodecs} is the
 * door. What keeps another address of native memory is refused by name.
 */
@NullMarked
package dev.ingot.core.jdk.desktop;

import org.jspecify.annotations.NullMarked;
