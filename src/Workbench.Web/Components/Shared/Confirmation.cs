using Microsoft.Extensions.Localization;
using Radzen;
using Workbench.Web.Languages;

namespace Workbench.Web.Components.Shared;

/// <summary>Asking before something is lost.</summary>
internal static class Confirmation
{
    /// <param name="dialogs">Radzen's dialogs.</param>
    /// <param name="words">In the language of the page.</param>
    /// <param name="question">What will happen, and what will not.</param>
    /// <param name="title">The dialog's title.</param>
    /// <param name="action">The word on the button that does it.</param>
    public static async Task<bool> AskAsync(this DialogService dialogs, IStringLocalizer<Words> words, string question, string title, string action) =>
        await dialogs.Confirm(question, title, new ConfirmOptions
        {
            OkButtonText = action,
            CancelButtonText = words["Cancel"],
            CloseDialogOnEsc = true,
            AutoFocusFirstElement = true,
        }) == true;
}
