using System.Text.Json;
using Workbench.Language.Jinja;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Chat.Templates;

/// <summary>A request's arguments as template values, checked as apply_chat_template checks them.</summary>
internal sealed class ChatVariables
{
    private static readonly FieldOrigin Root = new(null, "");

    private readonly Dictionary<string, Value> variables = [];

    public ChatVariables(ChatRequest request, bool withOrigins)
    {
        FieldOrigin? Origin(string name) => withOrigins ? Root.Member(name) : null;
        Messages = ConvertMessages(request.Messages, withOrigins);
        Tools = ChatRequest.ConvertOptional(request.Tools, Origin("tools"));
        Documents = ChatRequest.ConvertOptional(request.Documents, Origin("documents"));
        foreach (var (name, token) in request.SpecialTokens ?? new Dictionary<string, string?>())
        {
            variables[name] = token is null ? NoneValue.Instance : JsonValues.Text(token, Origin(name));
        }

        if (request.Kwargs is { ValueKind: JsonValueKind.Object } kwargs)
        {
            ReadKwargs((DictValue)JsonValues.Convert(kwargs, withOrigins ? Root : null));
        }

        variables["messages"] = Messages;
        variables["tools"] = Tools;
        variables["documents"] = Documents;
        variables["add_generation_prompt"] = AddGenerationPrompt;
    }

    public Value Messages { get; }

    public Value Tools { get; }

    public Value Documents { get; }

    public Value AddGenerationPrompt { get; private set; } = BoolValue.False;

    public Value ContinueFinalMessage { get; private set; } = BoolValue.False;

    public bool ReturnsMask { get; private set; }

    /// <summary>Every template variable by name.</summary>
    public Dictionary<string, Value> All => variables;

    private void ReadKwargs(DictValue kwargs)
    {
        foreach (var (key, value) in kwargs.Entries)
        {
            var name = ((StringValue)key).Text;
            switch (name)
            {
                case "add_generation_prompt":
                    AddGenerationPrompt = value;
                    break;
                case "continue_final_message":
                    ContinueFinalMessage = value;
                    break;
                case "return_assistant_tokens_mask":
                    ReturnsMask = value.IsTrue;
                    break;
                case "messages" or "tools" or "documents" or "template_text":
                    throw new PythonError("TypeError", $"render() got multiple values for argument '{name}'; give it outside of kwargs")
                    {
                        LineIsKnown = true,
                    };
                default:
                    variables[name] = value;
                    break;
            }
        }
    }

    private static Value ConvertMessages(JsonElement messages, bool withOrigins)
    {
        if (!withOrigins || messages.ValueKind != JsonValueKind.Array)
        {
            return JsonValues.Convert(messages, withOrigins ? Root.Member("messages") : null);
        }

        var index = 0;
        var items = new Value[messages.GetArrayLength()];
        foreach (var message in messages.EnumerateArray())
        {
            items[index] = JsonValues.Convert(message, new FieldOrigin(index, ""));
            index++;
        }

        return new ListValue(items) { Origin = Root.Member("messages") };
    }
}
