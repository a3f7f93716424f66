package dev.ingot.core.jdk.xml;

import dev.ingot.core.heap.ObjectCodec;
import java.util.List;

/** The codecs of this package. Loading them touches none of the classes they are for. */
public final class XmlCodecs {
    private XmlCodecs() {}

    public static List<ObjectCodec<?>> codecs() {
        return List.of(new SettingsCodec());
    }
}
