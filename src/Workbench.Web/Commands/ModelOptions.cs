using System.CommandLine;

namespace Workbench.Web.Commands;

/// <summary>Options that every verb over a model has.</summary>
internal static class ModelOptions
{
    public static Option<string> Model() => new("--model") { Required = true, Description = "A model folder in Hugging Face's layout.", HelpName = "DIR" };

    public static Option<string?> Adapter() => new("--adapter") { Description = "A PEFT adapter folder for the model.", HelpName = "DIR" };

    public static Option<string> Device() => new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
}
