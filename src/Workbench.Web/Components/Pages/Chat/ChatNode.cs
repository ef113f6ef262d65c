using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>A message of a conversation that branches: what may follow it are its children, one of which is shown.</summary>
public sealed class ChatNode
{
    private readonly List<ChatNode> children = [];
    private int chosen;

    internal ChatNode(ChatNode? parent, string role, string text)
    {
        (Parent, Role, Text) = (parent, role, text);
        if (parent is not null)
        {
            parent.children.Add(this);
            parent.chosen = parent.children.Count - 1;
        }
    }

    public ChatNode? Parent { get; }

    /// <summary>user, assistant or tool.</summary>
    public string Role { get; }

    /// <summary>What a person wrote; an assistant's text is its <see cref="Answer"/>'s.</summary>
    public string Text { get; }

    /// <summary>Of an assistant's message: how it came about.</summary>
    public AnswerState? Answer { get; init; }

    /// <summary>Of a tool's message: the call that it answers.</summary>
    public ToolCall? Call { get; init; }

    /// <summary>The child that is shown; null at the end.</summary>
    public ChatNode? Next => children.Count == 0 ? null : children[chosen];

    /// <summary>How many variants of this message there are.</summary>
    public int Variants => Parent?.children.Count ?? 1;

    /// <summary>Which of them this is, from 1.</summary>
    public int Variant => (Parent?.children.IndexOf(this) ?? 0) + 1;

    /// <summary>Shows another variant of this message.</summary>
    public void Choose(int variant)
    {
        if (Parent is not null)
        {
            Parent.chosen = Math.Clamp(variant, 1, Variants) - 1;
        }
    }
}
