using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>Builds post-processors from tokenizer.json; the list of what exists.</summary>
internal static class PostProcessorFactory
{
    public static PostProcessor? Create(ConfigNode node) => node.IsNull ? null : Build(node);

    private static PostProcessor Build(ConfigNode node) => node.Type switch
    {
        "Sequence" => new SequencePostProcessor([.. node["processors"].Items().Select(Build)]),
        "ByteLevel" => new ByteLevelPostProcessor(node["add_prefix_space"].Bool(true), node["trim_offsets"].Bool(true)),
        "TemplateProcessing" => Template(node),
        "BertProcessing" => Bert(node),
        "RobertaProcessing" => Roberta(node),
        var other => throw node["type"].Fail($"the post-processor \"{other}\" is unknown. Convert the tokenizer with a released version of tokenizers, or remove the post-processor."),
    };

    private static TemplatePostProcessor Template(ConfigNode node)
    {
        var specials = node["special_tokens"];
        return new TemplatePostProcessor(Items(node["single"], pair: false), Items(node["pair"], pair: true));

        TemplateItem[] Items(ConfigNode list, bool pair) => list.IsNull ? [] : [.. list.Items().Select(item => Item(item, pair))];

        TemplateItem Item(ConfigNode item, bool pair)
        {
            var sequence = item["Sequence"];
            if (!sequence.IsNull)
            {
                var second = sequence["id"].String() == "B";
                return second && !pair
                    ? throw sequence["id"].Fail("a single text has no sequence B. Use A.")
                    : new TemplateItem(null, second ? 1 : 0, sequence["type_id"].Int(0));
            }

            var special = item["SpecialToken"];
            if (special.IsNull)
            {
                throw item.Fail("expected a Sequence or a SpecialToken.");
            }

            var name = special["id"].String();
            var definition = new ConfigNode(
                !specials.IsNull && specials.Element.TryGetProperty(name, out var found) ? found : default, $"{specials.Path}.{name}");
            return definition.IsNull
                ? throw special["id"].Fail($"\"{name}\" is not among special_tokens. Add it there.")
                : new TemplateItem([.. definition["ids"].Items().Select(i => i.Int())], -1, special["type_id"].Int(0));
        }
    }

    private static TemplatePostProcessor Bert(ConfigNode node)
    {
        var (cls, sep) = (Token(node["cls"]), Token(node["sep"]));
        return new TemplatePostProcessor(
            [Special(cls, 0), Text(0, 0), Special(sep, 0)],
            [Special(cls, 0), Text(0, 0), Special(sep, 0), Text(1, 1), Special(sep, 1)]);
    }

    private static TemplatePostProcessor Roberta(ConfigNode node)
    {
        var (cls, sep) = (Token(node["cls"]), Token(node["sep"]));
        return new TemplatePostProcessor(
            [Special(cls, 0), Text(0, 0), Special(sep, 0)],
            [Special(cls, 0), Text(0, 0), Special(sep, 0), Special(sep, 0), Text(1, 0), Special(sep, 0)],
            node["trim_offsets"].Bool(true) ? node["add_prefix_space"].Bool(true) : null);
    }

    private static TemplateItem Special(int id, int typeId) => new([id], -1, typeId);

    private static TemplateItem Text(int sequence, int typeId) => new(null, sequence, typeId);

    private static int Token(ConfigNode node)
    {
        var items = node.Items().ToArray();
        return items.Length == 2 ? items[1].Int() : throw node.Fail("expected [token, id].");
    }
}
