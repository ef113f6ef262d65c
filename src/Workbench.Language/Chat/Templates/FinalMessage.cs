using Workbench.Language.Jinja;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Chat.Templates;

/// <summary>
/// <c>continue_final_message</c>: a tag is put behind the final message, and the rendering is cut where the tag appears,
/// so that the model goes on with that message.
/// </summary>
internal sealed class FinalMessage
{
    private const string Tag = "CONTINUE_FINAL_MESSAGE_TAG ";

    private FinalMessage(Value messages, StringValue final)
    {
        Messages = messages;
        Final = final;
    }

    /// <summary>The conversation with the tag.</summary>
    public Value Messages { get; }

    /// <summary>The text to continue.</summary>
    private StringValue Final { get; }

    public static FinalMessage Mark(ChatVariables variables, string template)
    {
        var messages = variables.Messages as ListValue ?? throw Fail("KeyError", "-1");
        if (messages.Items.Length == 0)
        {
            throw Fail("IndexError", "list index out of range");
        }

        var last = messages.Items[^1] as DictValue
            ?? throw Fail("AttributeError", $"'{messages.Items[^1].TypeName}' object has no attribute 'get'");
        var field = variables.ContinueFinalMessage is StringValue name ? name.Text : "content";
        var final = last.Get(field);
        if (final is null or NoneValue)
        {
            throw Fail("ValueError", $"continue_final_message is set but the final message has no \"{field}\" to continue!");
        }

        if (!template.Contains(field, StringComparison.Ordinal))
        {
            throw Fail("ValueError", $"continue_final_message is set to \"{field}\" but this is not an accepted field in the chat_template");
        }

        var (text, marked) = final is ListValue blocks ? MarkBlock(blocks) : (Continuable(final), WithTag(final));
        var message = last.Copy();
        message.Set(new StringValue(field), marked);
        return new FinalMessage(messages.With([.. messages.Items[..^1], message]), text);
    }

    /// <summary>The length of the rendering without the tag and what follows it.</summary>
    public int Cut(string rendered)
    {
        var tag = Tag.TrimEnd();
        var wanted = StringOperations.Strip(Final, null, left: true, right: true).Text;
        if (!rendered.Contains(wanted, StringComparison.Ordinal) || !rendered.Contains(tag, StringComparison.Ordinal))
        {
            throw Fail(
                "ValueError",
                "continue_final_message is set but the final message does not appear in the chat after applying the chat template! "
                + "This can happen if the chat template deletes portions of the final message. Please verify the chat template and "
                + "final message in your chat to ensure they are compatible."
                + $"Final message to continue: {wanted}\nRendered chat:\n{rendered}");
        }

        var at = rendered.LastIndexOf(tag, StringComparison.Ordinal);
        if (string.CompareOrdinal(rendered, at, Tag, 0, Tag.Length) != 0)
        {
            // The template trimmed the message, so white space before the tag would have gone too.
            while (at > 0 && PythonCharacters.IsSpace(rendered[at - 1]))
            {
                at--;
            }
        }

        return at;
    }

    private static (StringValue Text, Value Marked) MarkBlock(ListValue blocks)
    {
        for (var index = blocks.Items.Length - 1; index >= 0; index--)
        {
            if (blocks.Items[index] is DictValue block && block.Get("text") is { } text)
            {
                var copy = block.Copy();
                copy.Set(new StringValue("text"), WithTag(text));
                var items = (Value[])blocks.Items.Clone();
                items[index] = copy;
                return (Continuable(text), blocks.With(items));
            }

            if (blocks.Items[index] is not (DictValue or StringValue or ListValue))
            {
                throw Fail("TypeError", $"argument of type '{blocks.Items[index].TypeName}' is not iterable");
            }
        }

        throw Fail("ValueError", "continue_final_message is set but we could not find any text to continue in the final message!");
    }

    private static StringValue Continuable(Value final) => final as StringValue
        ?? throw Fail("TypeError", $"unsupported operand type(s) for +: '{final.TypeName}' and 'str'");

    private static StringValue WithTag(Value final)
    {
        var text = Continuable(final);
        return new StringValue(
            text.Text + Tag, false, text.Segments is null ? null : [.. text.Segments, new Segment(Tag.Length, null, null)]);
    }

    private static PythonError Fail(string type, string message) => new(type, message) { LineIsKnown = true };
}
